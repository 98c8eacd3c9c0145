package io.tiercel.storage.contract;

import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import java.nio.ByteBuffer;

/** A read that passes every call on to another one; see {@link PassingStore}. Not threadsafe. */
public abstract class PassingRead implements ObjectRead {
    private final ObjectRead read;

    protected PassingRead(ObjectRead read) {
        this.read = read;
    }

    @Override
    public ObjectInfo info() {
        return read.info();
    }

    @Override
    public long offset() {
        return read.offset();
    }

    @Override
    public long length() {
        return read.length();
    }

    @Override
    public boolean isUnchanged() {
        return read.isUnchanged();
    }

    @Override
    public int read(ByteBuffer target) {
        return read.read(target);
    }

    @Override
    public void close() {
        read.close();
    }
}
