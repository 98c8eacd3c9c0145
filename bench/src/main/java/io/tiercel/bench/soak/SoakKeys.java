package io.tiercel.bench.soak;

import io.tiercel.bench.soak.SoakKey.Store;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The keys of a soak, in folders under three mounts, and who owns which. Immutable. */
final class SoakKeys {
    /** Prefix of the mount with nothing behind it. */
    static final String OWN = "own";
    /** Prefix of the mount before a folder of files. */
    static final String FILES = "files";
    /** Prefix of the mount before a web server that fails. */
    static final String FLAKY = "flaky";

    private static final long ORDER = 8740;
    private static final int FOLDERS = 4;
    private static final int KEYS_A_FOLDER = 48;
    private static final int STORED_KEYS_A_FOLDER = 12;

    private final List<SoakKey> all = new ArrayList<>();
    private final int owners;

    SoakKeys(int owners) {
        this.owners = owners;
        for (int number = 0; number < KEYS_A_FOLDER; number++) {
            for (int folder = 0; folder < FOLDERS; folder++) {
                String path = "/d" + folder + "/k" + number;
                all.add(new SoakKey(OWN + path, Store.NONE));
                if (number < STORED_KEYS_A_FOLDER) {
                    all.add(new SoakKey(FILES + path, Store.FILES));
                    all.add(new SoakKey(FLAKY + path, Store.FLAKY));
                }
            }
        }
        // So that each owner has some of every mount, and what is asked for most is of all of them.
        Collections.shuffle(all, new Random(ORDER));
    }

    List<SoakKey> all() {
        return all;
    }

    List<SoakKey> ownedBy(int owner) {
        return IntStream.range(0, all.size()).filter(i -> i % owners == owner).mapToObj(all::get).toList();
    }

    /** The folder that a key lies in. */
    String folderOf(SoakKey key) {
        return key.name.substring(0, key.name.lastIndexOf('/'));
    }

    /** What is listed in its place: a mount without a store behind it, or before a web server, has no listings. */
    String listedFolderOf(SoakKey key) {
        return key.store == Store.FILES ? folderOf(key) : FILES;
    }

    List<SoakKey> under(String folder) {
        return all.stream().filter(key -> key.name.startsWith(folder + '/')).toList();
    }
}
