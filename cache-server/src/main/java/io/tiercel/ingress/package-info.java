/**
 * Requests of clients over Aeron: images become clients, messages become calls of the shard.
 *
 * <p>Shard thread only. {@link io.tiercel.ingress.Ingress} polls, {@link io.tiercel.ingress.RequestAdapter} decodes and
 * acts: start there. A message that cannot be decoded ends its client's session and nothing else. Imports
 * {@code egress}, through which it answers, {@code shard}, and listing queries of {@code load}.
 */
@NullMarked
package io.tiercel.ingress;

import org.jspecify.annotations.NullMarked;
