package io.tiercel.storage.contract.mutant;

import io.tiercel.storage.StorageAdapter;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A store with one rule of the contract broken.
 *
 * @param rule that it breaks, in words.
 * @param breaking makes the broken store of a whole one.
 * @param red names of the contract's tests that must fail on it; others may.
 */
record Mutant(String rule, UnaryOperator<StorageAdapter> breaking, List<String> red) {
    static Mutant of(String rule, UnaryOperator<StorageAdapter> breaking, String... red) {
        return new Mutant(rule, breaking, List.of(red));
    }

    @Override
    public String toString() {
        return rule;
    }
}
