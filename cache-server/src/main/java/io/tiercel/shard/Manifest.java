package io.tiercel.shard;

import io.tiercel.Key;
import io.tiercel.tier.FrameView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an object that is kept in pages: a small frame under the object's key. Immutable.
 *
 * <p>Its version is fresh and part of the names of its pages, so that without the manifest nobody finds them: dropping it
 * drops them all, and pages of two versions never meet.
 *
 * @param etag strong: the version of the object that all pages are of.
 */
record Manifest(Key key, long version, long totalLength, int pageSize, String etag) {
    /** Bytes of the frame's payload: format, page size, version, length. */
    static final int LENGTH = 2 * Integer.BYTES + 2 * Long.BYTES;
    private static final int FORMAT = 1;
    private static final String NAME = "pages";

    static Manifest ofNew(Key key, long totalLength, int pageSize, String etag) {
        return new Manifest(key, ThreadLocalRandom.current().nextLong(), totalLength, pageSize, etag);
    }

    /** Where the manifest of an object lies; null when the object's key is too long to have one. */
    static @Nullable Key keyOf(Key object) {
        return object.isDerived() ? null : Key.derived(object.toString(), NAME);
    }

    /** The manifest in a frame; null when it is of a format that this build does not know. */
    static @Nullable Manifest of(Key key, FrameView frame) {
        int at = frame.payloadOffset();
        if (frame.payloadLength() != LENGTH || frame.buffer().getInt(at) != FORMAT) {
            return null;
        }
        return new Manifest(key, frame.buffer().getLong(at + 8), frame.buffer().getLong(at + 16), frame.buffer().getInt(
                at + 4), frame.etag());
    }

    /** The frame's payload. */
    ByteBuffer encoded() {
        return ByteBuffer.allocate(LENGTH).order(ByteOrder.nativeOrder()).putInt(FORMAT).putInt(pageSize)
                .putLong(version).putLong(totalLength).flip();
    }

    long pageOf(long position) {
        return position / pageSize;
    }

    long lastPage() {
        return totalLength == 0 ? 0 : (totalLength - 1) / pageSize;
    }

    long positionOf(long page) {
        return page * pageSize;
    }

    int lengthOf(long page) {
        return (int) Math.min(pageSize, totalLength - positionOf(page));
    }

    /** Where a page lies; null when that would be too long a key. */
    @Nullable
    Key pageKey(long page) {
        return Key.derived(key.toString(), "page " + Long.toHexString(version) + ' ' + page);
    }
}
