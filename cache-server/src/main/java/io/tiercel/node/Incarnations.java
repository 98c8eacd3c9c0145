package io.tiercel.node;

import java.security.SecureRandom;

/** Numbers that no earlier start had and nobody guesses. Stateless. */
final class Incarnations {
    private static final SecureRandom RANDOM = new SecureRandom();

    private Incarnations() {}

    /** A positive random number. */
    static long next() {
        long number = 0;
        while (number == 0) {
            number = RANDOM.nextLong() & Long.MAX_VALUE;
        }
        return number;
    }
}
