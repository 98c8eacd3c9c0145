package io.tiercel.ingress;

import io.tiercel.ErrorCode;
import io.tiercel.shard.ListingPage;
import io.tiercel.shard.Outcome;
import io.tiercel.shard.Shard;

/** Sends a page of a listing and keeps account of the client's open cursors. */
record ListingReply(Client client, Shard shard, long correlationId) implements Outcome<ListingPage> {
    @Override
    public void onDone(ListingPage page) {
        if (client.session.isClosed()) {
            shard.closeListing(page.cursorId());
            return;
        }
        if (page.isLast()) {
            client.cursors.remove(page.cursorId());
        } else {
            client.cursors.add(page.cursorId());
        }
        client.session.listPage(correlationId, page);
    }

    @Override
    public void onFailure(ErrorCode code, String message, int retryAfterMs) {
        client.session.error(correlationId, code, message, retryAfterMs);
    }
}
