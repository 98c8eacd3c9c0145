/**
 * The suite that every storage adapter passes. An adapter adds one short subclass of
 * {@link io.tiercel.storage.contract.StorageAdapterContract} to its tests.
 *
 * <p>One interface a topic, so that each stays readable; what a store cannot do is skipped by its capabilities, and what
 * it must refuse then is tested instead. It imports {@code io.tiercel.storage}, JUnit and AssertJ.
 */
@NullMarked
package io.tiercel.storage.contract;

import org.jspecify.annotations.NullMarked;
