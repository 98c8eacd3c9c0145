package io.tiercel.bench.rig;

import io.tiercel.json.JsonWriter;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON of maps, lists, texts, numbers and truth values. Stateless. */
final class Json {
    private Json() {}

    static void append(StringBuilder out, @Nullable Object value) {
        switch (value) {
            case null -> out.append("null");
            case Map<?, ?> map -> appendObject(out, map);
            case Collection<?> list -> appendArray(out, list);
            case Double number -> out.append(Double.isFinite(number)
                    ? String.format(Locale.ROOT, "%.4f", number)
                    : "null");
            case Number number -> out.append(number);
            case Boolean bool -> out.append(bool);
            default -> out.append(new JsonWriter().value(value.toString()));
        }
    }

    private static void appendObject(StringBuilder out, Map<?, ?> map) {
        out.append('{');
        String comma = "";
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(comma).append(new JsonWriter().value(String.valueOf(entry.getKey()))).append(':');
            append(out, entry.getValue());
            comma = ",";
        }
        out.append('}');
    }

    private static void appendArray(StringBuilder out, Collection<?> list) {
        out.append('[');
        String comma = "";
        for (Object element : list) {
            out.append(comma).append('\n');
            append(out, element);
            comma = ",";
        }
        out.append(']');
    }
}
