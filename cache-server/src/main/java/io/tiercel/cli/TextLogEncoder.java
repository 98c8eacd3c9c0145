package io.tiercel.cli;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;

/**
 * A log event as a line of text, with what threw it in lines of its own: time in ISO-8601 UTC, level, thread, class,
 * message. In code, since to read logback's patterns takes a twentieth of a node's start. Threadsafe.
 */
final class TextLogEncoder extends LogEncoder {
    private static final int LEVEL_WIDTH = 5;

    @Override
    String textOf(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(200);
        appendTime(line, event.getTimeStamp());
        String level = event.getLevel().toString();
        line.append(' ').append(level).repeat(' ', Math.max(0, LEVEL_WIDTH - level.length())).append(" [").append(event
                .getThreadName()).append("] ");
        String logger = event.getLoggerName();
        line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(" - ");
        appendOnOneLine(line, event.getFormattedMessage());
        line.append('\n');
        IThrowableProxy error = event.getThrowableProxy();
        if (error != null) {
            line.append(ThrowableProxyUtil.asString(error)).append('\n');
        }
        return line.toString();
    }

    /** Always with three digits behind the point, so that lines sort and align. */
    private static void appendTime(StringBuilder line, long timeMs) {
        String whole = Instant.ofEpochSecond(Math.floorDiv(timeMs, 1000L)).toString();
        String millis = Integer.toString(1000 + Math.floorMod(timeMs, 1000));
        line.append(whole, 0, whole.length() - 1).append('.').append(millis, 1, 4).append('Z');
    }

    /** What somebody else chose, a key perhaps, forges no line. */
    private static void appendOnOneLine(StringBuilder line, String message) {
        boolean isBroken = false;
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            if (c != '\r' && c != '\n') {
                line.append(c);
            } else if (!isBroken) {
                line.append(" | ");
            }
            isBroken = c == '\r' || c == '\n';
        }
    }
}
