package io.tiercel.storage.contract.mutant;

import io.tiercel.storage.Capability;
import io.tiercel.storage.ListOptions;
import io.tiercel.storage.ListingCursor;
import io.tiercel.storage.ObjectInfo;
import io.tiercel.storage.ObjectRead;
import io.tiercel.storage.ReadOptions;
import io.tiercel.storage.StorageAdapter;
import io.tiercel.storage.StorePath;
import io.tiercel.storage.WriteOptions;
import io.tiercel.storage.WriteResult;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.List;
import java.util.Set;

/** A store that passes everything on; a mutant overrides what it breaks. As threadsafe as what it passes to. */
class Passing implements StorageAdapter {
    final StorageAdapter whole;

    Passing(StorageAdapter whole) {
        this.whole = whole;
    }

    @Override
    public String name() {
        return whole.name();
    }

    @Override
    public Set<Capability> capabilities() {
        return whole.capabilities();
    }

    @Override
    public ObjectRead open(StorePath path, ReadOptions options) {
        return whole.open(path, options);
    }

    @Override
    public ObjectInfo info(StorePath path) {
        return whole.info(path);
    }

    @Override
    public WriteResult write(StorePath path, ReadableByteChannel source, long length, WriteOptions options) {
        return whole.write(path, source, length, options);
    }

    @Override
    public void delete(StorePath path, boolean missingIsFine) {
        whole.delete(path, missingIsFine);
    }

    @Override
    public long deleteRecursively(StorePath path) {
        return whole.deleteRecursively(path);
    }

    @Override
    public ListingCursor list(StorePath folder, ListOptions options) {
        return whole.list(folder, options);
    }

    @Override
    public WriteResult move(StorePath from, StorePath to, boolean overwrite) {
        return whole.move(from, to, overwrite);
    }

    @Override
    public WriteResult copy(StorePath from, StorePath to, boolean overwrite) {
        return whole.copy(from, to, overwrite);
    }

    @Override
    public void ping() {
        whole.ping();
    }

    @Override
    public void close() {
        whole.close();
    }

    /** A read that passes everything on. Not threadsafe. */
    static class Read implements ObjectRead {
        private final ObjectRead read;

        Read(ObjectRead read) {
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

    /** A listing that passes everything on. Not threadsafe. */
    static class Cursor implements ListingCursor {
        private final ListingCursor cursor;

        Cursor(ListingCursor cursor) {
            this.cursor = cursor;
        }

        @Override
        public List<ObjectInfo> nextPage() {
            return cursor.nextPage();
        }

        @Override
        public void close() {
            cursor.close();
        }
    }
}
