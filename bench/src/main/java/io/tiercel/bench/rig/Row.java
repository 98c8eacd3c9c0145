package io.tiercel.bench.rig;

import io.tiercel.bench.load.Figures;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One answer: fields by name, in the order of the result file. Not threadsafe; nobody changes it once it is added. */
final class Row {
    /** Whether a row's figures count. */
    enum State {
        OK,
        /** There are none, or such as must not be averaged with others. */
        FAIL,
        /** Not measured. */
        SKIPPED
    }

    static final String P50 = "p50Ns";
    static final String P99 = "p99Ns";
    static final String OPS = "opsPerSecond";

    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private String baseline = "";
    private String ratioOf = P50;

    Row(String rig, String system, long payloadBytes) {
        fields.put("rig", rig);
        fields.put("system", system);
        fields.put("payloadBytes", payloadBytes);
        for (String name : new String[]{P50, P99, "p999Ns", OPS, "bytesAllocatedPerOp", "ratioToBaseline"}) {
            fields.put(name, null);
        }
        fields.put("state", State.OK.name());
        fields.put("why", "");
    }

    /** Another field, or another value of one. */
    Row with(String name, @Nullable Object value) {
        fields.put(name, value);
        return this;
    }

    /** What the row is to be compared with, by system and name of field: the same in all else that {@link #key} has. */
    Row comparedTo(String system, String field) {
        baseline = system;
        ratioOf = field;
        return system.isEmpty() ? this : with("baseline", system).with("ratioOf", field);
    }

    /** What a load came to; a FAIL where something is wrong with it. */
    Row figures(Figures figures, String defect) {
        with(P50, figures.percentileNs(50)).with(P99, figures.percentileNs(99)).with("p999Ns", figures.percentileNs(
                99.9));
        with("maxNs", figures.latencies().getMaxValue()).with(OPS, figures.valuesPerSecond());
        with("bytesAllocatedPerOp", figures.bytesAllocatedPerValue());
        with("hits", figures.hits()).with("misses", figures.misses());
        with("histogram", figures.encodedLatencies());
        return defect.isEmpty() ? this : fail(defect);
    }

    Row fail(String why) {
        return with("state", State.FAIL.name()).with("why", why);
    }

    Row skip(String why) {
        return with("state", State.SKIPPED.name()).with("why", why);
    }

    boolean isOk() {
        return State.OK.name().equals(fields.get("state"));
    }

    String baseline() {
        return baseline;
    }

    String ratioOf() {
        return ratioOf;
    }

    String system() {
        return String.valueOf(fields.get("system"));
    }

    /** What rows that are compared have in common with a system's: everything asked, nothing answered. */
    String key(String system) {
        return String.join(" ", text("rig"), system, text("payloadBytes"), text("load"), text("clients"), text("rate"),
                text(
                        "frames"));
    }

    /** Text of a field, empty when there is none. */
    String text(String name) {
        Object value = fields.get(name);
        return value == null ? "" : value.toString();
    }

    /** A field's number, NaN when there is none. */
    double number(String name) {
        return fields.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    Map<String, @Nullable Object> fields() {
        return fields;
    }
}
