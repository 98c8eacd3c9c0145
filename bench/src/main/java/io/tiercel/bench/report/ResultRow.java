package io.tiercel.bench.report;

import com.typesafe.config.Config;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One measured line of a run. What a run did not measure is {@link #NONE}. Immutable.
 *
 * @param why empty unless the state is not {@code OK}.
 * @param encodedHistogram all times in ns as HdrHistogram's compressed form in Base64, empty where none were kept.
 */
record ResultRow(String rig, String system, long payloadBytes, double p50Ns, double p99Ns, double p999Ns,
        double opsPerSecond, double bytesAllocatedPerOp, double ratioToBaseline, String state, String why,
        String encodedHistogram) {
    static final double NONE = -1;

    static ResultRow of(Config row) {
        return new ResultRow(row.getString("rig"), row.getString("system"), (long) number(row, "payloadBytes"), number(
                row, "p50Ns"), number(row, "p99Ns"), number(row, "p999Ns"), number(row, "opsPerSecond"), number(row,
                        "bytesAllocatedPerOp"),
                number(row, "ratioToBaseline"), row.getString("state"), text(row, "why"), text(row, "histogram"));
    }

    private static double number(Config row, String path) {
        return row.hasPath(path) ? row.getDouble(path) : NONE;
    }

    private static String text(Config row, String path) {
        return row.hasPath(path) ? row.getString(path) : "";
    }

    boolean isOk() {
        return state.equals("OK");
    }

    /**
     * All times of the row, in ns; null where none were kept.
     *
     * @throws BadResultException when they cannot be decoded.
     */
    @Nullable
    Histogram histogram() {
        if (encodedHistogram.isEmpty()) {
            return null;
        }
        try {
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(Base64.getDecoder().decode(
                    encodedHistogram)), 0);
        } catch (DataFormatException | RuntimeException e) {
            throw new BadResultException("histogram of rig=" + rig + " system=" + system + " cannot be read", e);
        }
    }
}
