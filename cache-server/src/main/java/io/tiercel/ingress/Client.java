package io.tiercel.ingress;

import io.aeron.Image;
import io.tiercel.egress.Session;
import io.tiercel.shard.Shard;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.collections.LongHashSet;

/** One client as the node hears it: its image, and what it has begun and not ended. Single writer: shard agent. */
final class Client {
    /** Puts that one client may have open: each holds space that is written to. */
    static final int MAX_PUTS = 256;

    static final int NO_READER = -1;

    /** Names the client to people. */
    final long number;
    final Image image;
    final Session session;
    final int readerNumber;
    final Long2ObjectHashMap<PutAssembly> puts = new Long2ObjectHashMap<>();
    final LongHashSet cursors = new LongHashSet();
    final Readings readings = new Readings();
    long lastHeardNs;

    Client(long number, Image image, Session session, int readerNumber, long nowNs) {
        this.number = number;
        this.image = image;
        this.session = session;
        this.readerNumber = readerNumber;
        this.lastHeardNs = nowNs;
    }

    /** Abandons what it has begun; its session is closed by who knows the reason. */
    void abandon(Shard shard) {
        puts.values().forEach(put -> put.abort(shard));
        puts.clear();
        cursors.forEach(shard::closeListing);
        cursors.clear();
        readings.endAll(shard);
        if (readerNumber != NO_READER) {
            shard.releaseReader(readerNumber);
        }
    }
}
