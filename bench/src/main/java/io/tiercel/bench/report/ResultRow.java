package io.tiercel.bench.report;

import com.typesafe.config.Config;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One measured line of a run, whatever fields it has. Immutable.
 *
 * @param fields by name, texts and numbers; what was not measured is missing.
 */
record ResultRow(Map<String, Object> fields) {
    /** Stands for a number that there is not. */
    static final double NONE = -1;

    static ResultRow of(Config row) {
        row.getString("rig");
        row.getString("system");
        row.getString("state");
        Map<String, Object> fields = new LinkedHashMap<>();
        row.root().forEach((name, value) -> {
            Object plain = value.unwrapped();
            if (plain != null) {
                fields.put(name, plain);
            }
        });
        return new ResultRow(fields);
    }

    String rig() {
        return text("rig");
    }

    String system() {
        return text("system");
    }

    /** How it was asked: closed, open, during something; empty where the rig has one way alone. */
    String load() {
        return text("load");
    }

    long payloadBytes() {
        return (long) number("payloadBytes");
    }

    boolean isOk() {
        return text("state").equals("OK");
    }

    double number(String name) {
        return fields.get(name) instanceof Number number ? number.doubleValue() : NONE;
    }

    String text(String name) {
        Object value = fields.get(name);
        return value == null ? "" : value.toString();
    }

    /**
     * All times of the row, in ns; null where none were kept.
     *
     * @throws BadResultException when they cannot be decoded.
     */
    @Nullable
    Histogram histogram() {
        String encoded = text("histogram");
        if (encoded.isEmpty()) {
            return null;
        }
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Base64.getDecoder().decode(encoded)), 0);
        } catch (DataFormatException | RuntimeException e) {
            throw new BadResultException("histogram of rig=" + rig() + " system=" + system() + " cannot be read", e);
        }
    }
}
