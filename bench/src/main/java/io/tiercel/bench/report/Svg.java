package io.tiercel.bench.report;

import java.util.List;
import java.util.Locale;

/** Text of one SVG picture, written from front to back. Not threadsafe. */
final class Svg {
    /** Colours that people with any colour vision tell apart (Okabe and Ito, 2008). */
    private static final List<String> COLOURS = List.of("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00",
            "#56B4E9",
            "#000000", "#8A6D00");
    private static final List<String> DASHES = List.of("", "6 4", "2 3", "10 3 2 3");

    private final StringBuilder out = new StringBuilder(4096);

    Svg(int width, int height, String title) {
        out.append(String.format(Locale.ROOT, """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" \
                font-family="system-ui, sans-serif" font-size="13">
                <title>%s</title>
                <rect width="100%%" height="100%%" fill="#ffffff"/>
                """, width, height, width, height, escape(title)));
    }

    static String colour(int index) {
        return COLOURS.get(index % COLOURS.size());
    }

    /** Another pattern where the colours begin anew. */
    static String dashes(int index) {
        return DASHES.get(index / COLOURS.size() % DASHES.size());
    }

    Svg line(double fromX, double fromY, double toX, double toY, String colour) {
        return add(String.format(Locale.ROOT, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>",
                fromX, fromY, toX, toY,
                colour));
    }

    /** @param points pairs of x and y. */
    Svg path(List<double[]> points, int index) {
        StringBuilder path = new StringBuilder();
        for (double[] point : points) {
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", path.isEmpty() ? "M" : " L", point[0], point[1]));
        }
        return add(String.format(Locale.ROOT,
                "<path d=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"/>", path,
                colour(
                        index), dashes(index)));
    }

    Svg dot(double x, double y, int index) {
        return add(String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>", x, y, colour(
                index)));
    }

    /** @param anchor {@code start}, {@code middle} or {@code end}. */
    Svg text(double x, double y, String anchor, String colour, String text) {
        return add(String.format(Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>", x,
                y, anchor, colour, escape(
                        text)));
    }

    private Svg add(String element) {
        out.append(element).append('\n');
        return this;
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;");
    }

    @Override
    public String toString() {
        return out + "</svg>\n";
    }
}
