/**
 * Stores that break one rule each: they show that each test of the contract can fail. {@code ContractMutantsTest} runs the
 * whole suite on each of them; start reading there, then a list such as {@code BrokenReads}.
 */
@NullMarked
package io.tiercel.storage.contract.mutant;

import org.jspecify.annotations.NullMarked;
