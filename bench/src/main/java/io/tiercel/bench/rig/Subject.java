package io.tiercel.bench.rig;

import io.tiercel.bench.load.Payloads;
import io.tiercel.bench.load.ReadPath;

/**
 * A system that a rig measures. Immutable.
 *
 * @param baseline name of the system that it is compared with, empty for none; measured before it.
 * @param missing what is to be installed for it, empty when nothing is.
 * @param opening starts what serves, as far as it does not run yet, puts the values there and connects.
 */
record Subject(String name, String baseline, String missing, Opening opening) {
    /** How one comes to read. */
    interface Opening {
        ReadPath open(Payloads payloads);
    }

    Subject(String name, String baseline, Opening opening) {
        this(name, baseline, "", opening);
    }
}
