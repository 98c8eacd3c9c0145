package io.tiercel.node;

import java.util.Collection;

/** Finds the name that a misspelt one was probably meant to be, by edit distance. Stateless. */
final class Suggestion {
    private Suggestion() {}

    /** {@code "; did you mean heap?"}, or empty when nothing is near. */
    static String of(String misspelt, Collection<String> names) {
        String best = "";
        int bestDistance = Math.max(2, misspelt.length() / 3) + 1;
        for (String name : names) {
            int distance = distance(misspelt, name);
            if (distance < bestDistance) {
                best = name;
                bestDistance = distance;
            }
        }
        return best.isEmpty() ? "" : "; did you mean " + best + "?";
    }

    /** Insertions, deletions and replacements that turn one text into the other, whatever their case. */
    private static int distance(String from, String to) {
        int[] above = new int[to.length() + 1];
        for (int column = 0; column < above.length; column++) {
            above[column] = column;
        }
        for (int row = 1; row <= from.length(); row++) {
            int[] current = new int[above.length];
            current[0] = row;
            for (int column = 1; column < above.length; column++) {
                boolean same = Character.toLowerCase(from.charAt(row - 1)) == Character
                        .toLowerCase(to.charAt(column - 1));
                int replaced = above[column - 1] + (same ? 0 : 1);
                current[column] = Math.min(replaced, 1 + Math.min(above[column], current[column - 1]));
            }
            above = current;
        }
        return above[to.length()];
    }
}
