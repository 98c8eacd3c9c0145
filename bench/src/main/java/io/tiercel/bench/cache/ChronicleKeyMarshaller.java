package io.tiercel.bench.cache;

import io.tiercel.Key;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.hash.serialization.SizedReader;
import net.openhft.chronicle.hash.serialization.SizedWriter;
import net.openhft.chronicle.hash.serialization.StatefulCopyable;
import net.openhft.chronicle.wire.WireIn;
import net.openhft.chronicle.wire.WireOut;
import org.agrona.concurrent.UnsafeBuffer;
import org.jspecify.annotations.Nullable;

/** A key in a Chronicle Map: its bytes. Keeps no state. */
@SuppressWarnings("rawtypes") // as Chronicle's own interfaces are
public final class ChronicleKeyMarshaller
        implements
            SizedReader<Key>,
            SizedWriter<Key>,
            StatefulCopyable<ChronicleKeyMarshaller> {
    @Override
    public Key read(Bytes in, long size, @Nullable Key using) {
        byte[] bytes = new byte[(int) size];
        in.read(bytes);
        return Key.ofUtf8(new UnsafeBuffer(bytes), 0, bytes.length);
    }

    @Override
    public long size(Key key) {
        return key.length();
    }

    @Override
    public void write(Bytes out, long size, Key key) {
        out.write(key.buffer().byteArray());
    }

    @Override
    public ChronicleKeyMarshaller copy() {
        return this;
    }

    @Override
    public void readMarshallable(WireIn wire) {
        // no state
    }

    @Override
    public void writeMarshallable(WireOut wire) {
        // no state
    }
}
