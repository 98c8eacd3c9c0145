/**
 * The client library: {@link io.tiercel.client.TiercelClient}, which reads frames mapped, over shared memory or over
 * UDP, behind one {@link io.tiercel.client.Frame}.
 *
 * <p>Inside: a {@code Session} is one connection from handshake to loss, with its {@code Call}s in a {@code CallTable};
 * whoever waits for a reply polls through the {@code Poller}, and a {@code Housekeeper} thread does so when nobody
 * waits. {@code ReaderRegion} holds leases in mapped segments, {@code DescriptorCache} what repeat reads need. Public
 * types are threadsafe but for {@code Frame}, {@code Listing} and {@code ListPage}. Start with {@code TiercelClient}, then
 * {@code Session}. May import {@code io.tiercel}, {@code .wire}, {@code .mapped}, Aeron and Agrona.
 */
@NullMarked
package io.tiercel.client;

import org.jspecify.annotations.NullMarked;
