package io.tiercel.bench.cache;

import static org.lmdbjava.DbiFlags.MDB_CREATE;
import static org.lmdbjava.EnvFlags.MDB_NOMETASYNC;
import static org.lmdbjava.EnvFlags.MDB_NOSYNC;
import static org.lmdbjava.EnvFlags.MDB_NOTLS;
import static org.lmdbjava.EnvFlags.MDB_WRITEMAP;

import io.tiercel.Key;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.lmdbjava.Dbi;
import org.lmdbjava.DirectBufferProxy;
import org.lmdbjava.Env;
import org.lmdbjava.Txn;

/**
 * LMDB through lmdbjava, with buffers of Agrona. A read renews one read transaction, gets, and resets it, so that it sees
 * what was put before it, as a cache must; the payload is read where it lies in LMDB's map. Nothing is synced to disk
 * ({@code MDB_NOSYNC}, {@code MDB_NOMETASYNC}), pages are written in the map ({@code MDB_WRITEMAP}), and readers are not
 * tied to threads ({@code MDB_NOTLS}). A put is a transaction of its own.
 */
final class LmdbCache implements PayloadCache {
    private static final String NAME = "bench";

    private final Env<DirectBuffer> env;
    private final Dbi<DirectBuffer> dbi;
    private final Txn<DirectBuffer> reading;
    private final int payloadLength;
    private final UnsafeBuffer keyBytes;

    LmdbCache(CacheRoom room) {
        this.payloadLength = room.payloadLength();
        this.keyBytes = new UnsafeBuffer(ByteBuffer.allocateDirect(room.keyLength()).order(ByteOrder.nativeOrder()));
        this.env = Env.create(DirectBufferProxy.PROXY_DB).setMapSize(room.capacity()).setMaxDbs(1).open(room.folder()
                .toFile(), MDB_NOTLS, MDB_NOSYNC, MDB_NOMETASYNC, MDB_WRITEMAP);
        this.dbi = env.openDbi(NAME, MDB_CREATE);
        this.reading = env.txnRead();
        reading.reset();
    }

    private DirectBuffer bytesOf(Key key) {
        keyBytes.putBytes(0, key.buffer(), 0, key.length());
        return keyBytes;
    }

    @Override
    public void put(Key key, UnsafeBuffer payload) {
        dbi.put(bytesOf(key), payload);
    }

    @Override
    public boolean read(Key key, long stamp) {
        reading.renew();
        DirectBuffer payload = dbi.get(reading, bytesOf(key));
        boolean isRight = payload != null && payload.capacity() == payloadLength && payload.getLong(0) == stamp;
        reading.reset();
        return isRight;
    }

    @Override
    public void close() {
        reading.close();
        env.close();
    }
}
