package io.tiercel.storage;

import java.nio.ByteBuffer;

/** The answer of a store that has no newer version than the caller: no bytes. Owns nothing. */
public final class UnchangedRead implements ObjectRead {
    private final ObjectInfo info;

    /** @param info with the ETag that the caller named. */
    public UnchangedRead(ObjectInfo info) {
        this.info = info;
    }

    @Override
    public ObjectInfo info() {
        return info;
    }

    @Override
    public boolean isUnchanged() {
        return true;
    }

    @Override
    public long offset() {
        return 0;
    }

    @Override
    public long length() {
        return 0;
    }

    @Override
    public int read(ByteBuffer target) {
        return -1;
    }

    @Override
    public void close() {
        // It owns nothing.
    }
}
