package io.tiercel.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import io.tiercel.json.JsonWriter;

/** A log event as a line of JSON: {@code time, level, thread, logger, message, error}. Threadsafe. */
final class JsonLogEncoder extends LogEncoder {
    @Override
    String textOf(ILoggingEvent event) {
        JsonWriter json = new JsonWriter().beginObject().field("time", event.getInstant().toString())
                .field("level", event.getLevel().toString()).field("thread", event.getThreadName())
                .field("logger", event.getLoggerName()).field("message", event.getFormattedMessage());
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            json.field("error", ThrowableProxyUtil.asString(error));
        }
        return json.endObject() + "\n";
    }
}
