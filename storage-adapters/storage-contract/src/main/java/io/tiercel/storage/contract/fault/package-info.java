/**
 * A proxy between an adapter and its server that does to the bytes on their way what networks, gateways and broken
 * servers do. For the tests of adapters.
 *
 * <p>Start with {@link io.tiercel.storage.contract.fault.FaultProxy}, then {@link io.tiercel.storage.contract.fault.Fault}
 * for what it can do. It has virtual threads of its own, one or two a connection, which end with it. It imports the JDK.
 */
@NullMarked
package io.tiercel.storage.contract.fault;

import org.jspecify.annotations.NullMarked;
