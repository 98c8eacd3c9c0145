package io.tiercel.storage.memory;

import java.util.Comparator;

/**
 * The order in which a folder stands right before everything in it, and nothing else stands between: by characters, with
 * {@code /} below all others. Immutable and threadsafe.
 *
 * <p>Bounds are strings that are no paths: {@code folder + '/'} stands before the first entry of a folder,
 * {@code path + NUL} behind a path and all below it, since NUL is in no path.
 */
final class PathOrder implements Comparator<String> {
    static final PathOrder INSTANCE = new PathOrder();

    private PathOrder() {}

    @Override
    public int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char l = left.charAt(i);
            char r = right.charAt(i);
            if (l != r) {
                return Integer.compare(weight(l), weight(r));
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    static String insideOf(String folder) {
        return folder.isEmpty() ? "" : folder + '/';
    }

    static String behind(String path) {
        return path + '\0';
    }

    private static int weight(char c) {
        return c == '/' ? -1 : c;
    }
}
