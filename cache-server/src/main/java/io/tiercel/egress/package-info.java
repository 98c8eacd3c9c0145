/**
 * Replies to clients over Aeron: one session a client, with a publication and a bounded queue of its own, so that a
 * slow client delays itself alone.
 *
 * <p>{@link io.tiercel.egress.Session} is the client as the node answers it; {@link io.tiercel.egress.ReplyEncoder}
 * makes the messages. Shard thread only. Imports {@code shard}, and the wire codecs, which go no deeper.
 */
@NullMarked
package io.tiercel.egress;

import org.jspecify.annotations.NullMarked;
