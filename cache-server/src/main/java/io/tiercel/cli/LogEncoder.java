package io.tiercel.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;

/** Log events as text in UTF-8, with nothing before the first and behind the last. Threadsafe. */
abstract class LogEncoder extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    /** The event as text that ends with its line. Any thread. */
    abstract String textOf(ILoggingEvent event);

    @Override
    public final byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public final byte[] encode(ILoggingEvent event) {
        return textOf(event).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public final byte[] footerBytes() {
        return NOTHING;
    }
}
