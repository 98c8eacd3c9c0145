package io.tiercel.eviction;

/** Spreads the bits of a number over all of it. Stateless. Source: Stafford's variant 13 of MurmurHash3's finalizer. */
final class Mixer {
    private Mixer() {}

    static long mix(long value) {
        long x = value;
        x = (x ^ (x >>> 30)) * 0xbf58476d1ce4e5b9L;
        x = (x ^ (x >>> 27)) * 0x94d049bb133111ebL;
        return x ^ (x >>> 31);
    }
}
