package io.tiercel.load;

/**
 * How many further tries a mount has: each first try adds a part of one, so that a store which fails for all is asked
 * little more than without them. A few are in hand for a mount that is asked rarely. Not threadsafe.
 */
final class RetryBudget {
    private static final double MOST = 10;

    private final double perTry;
    private double balance;

    /** @param perTry what a first try adds; 0 for no further tries at all. */
    RetryBudget(double perTry) {
        this.perTry = perTry;
        this.balance = perTry == 0 ? 0 : MOST;
    }

    void firstTry() {
        balance = Math.min(MOST, balance + perTry);
    }

    boolean tryTake() {
        if (balance < 1) {
            return false;
        }
        balance--;
        return true;
    }
}
