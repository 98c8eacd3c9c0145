/**
 * A model of the lease protocol across processes, explored exhaustively: every order of the steps of two clients and
 * the node, with the memory order of x86, and variants of the protocol broken on purpose, each of which must be caught.
 *
 * <p>{@code docs/lease-protocol.md} tells what each step stands for in the code. Start with {@link
 * io.tiercel.leasemodel.LeaseModel}. Imports nothing of the server: it models it.
 */
@NullMarked
package io.tiercel.leasemodel;

import org.jspecify.annotations.NullMarked;
