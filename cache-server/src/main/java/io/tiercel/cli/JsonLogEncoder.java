package io.tiercel.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.tiercel.json.JsonWriter;
import java.nio.charset.StandardCharsets;

/** A log event as a line of JSON: {@code time, level, thread, logger, message, error}. Threadsafe. */
final class JsonLogEncoder extends EncoderBase<ILoggingEvent> {
    private static final byte[] NOTHING = {};

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        JsonWriter json = new JsonWriter().beginObject().field("time", event.getInstant().toString())
                .field("level", event.getLevel().toString()).field("thread", event.getThreadName())
                .field("logger", event.getLoggerName()).field("message", event.getFormattedMessage());
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            json.field("error", ThrowableProxyUtil.asString(error));
        }
        return (json.endObject() + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
