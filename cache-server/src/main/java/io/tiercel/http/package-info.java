/**
 * The HTTP gateway: objects, invalidation, status, metrics and health on one port.
 * <p>
 * Jetty's threads alone run here, few and never blocked by a store: a request becomes a command to the shard, whose
 * answer hops back from the shard's thread at once. One {@code Exchange} a request owns what must be given back. Start
 * with {@link io.tiercel.http.HttpGateway}, then {@code ApiHandler}. Imports shard, load's listing queries,
 * tier's pinned frames, metrics, json.
 */
@NullMarked
package io.tiercel.http;

import org.jspecify.annotations.NullMarked;
