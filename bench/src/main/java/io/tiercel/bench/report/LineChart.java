package io.tiercel.bench.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleFunction;

/**
 * Lines of several systems over two logarithmic axes, each named at its end. The vertical axis is time in ns. Not
 * threadsafe.
 */
final class LineChart {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 560;
    private static final int LEFT = 80;
    private static final int RIGHT = 240;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final int LABEL_HEIGHT = 16;
    private static final String GRID = "#e3e3e3";
    private static final String INK = "#333333";

    /** A line: its points in rising order of x. */
    record Line(String name, List<double[]> points) {}

    /** Where a line's name stands: as near its end as the others allow. */
    private record Label(int index, String name, double y) {}

    private final String title;
    private final String axis;
    private final List<Line> lines = new ArrayList<>();

    LineChart(String title, String axis) {
        this.title = title;
        this.axis = axis;
    }

    LineChart add(String name, List<double[]> points) {
        lines.add(new Line(name, points));
        return this;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    /**
     * The picture.
     *
     * @param ticks where the horizontal axis is marked.
     * @param name of a mark.
     */
    String svg(List<Double> ticks, DoubleFunction<String> name) {
        LogScale across = new LogScale(ticks.getFirst(), Math.max(ticks.getLast(), ticks.getFirst() * 1.01), LEFT, WIDTH
                - RIGHT);
        LogScale up = LogScale.decades(extreme(Comparator.naturalOrder()), extreme(Comparator.reverseOrder()), HEIGHT
                - BOTTOM, TOP);
        Svg svg = new Svg(WIDTH, HEIGHT, title);
        svg.text(LEFT, TOP / 2.0, "start", INK, title);
        for (double tick : up.ticks()) {
            svg.line(LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick), GRID);
            svg.text(LEFT - 8, up.at(tick) + 4, "end", INK, Amounts.time(tick));
        }
        for (double tick : ticks) {
            svg.line(across.at(tick), TOP, across.at(tick), HEIGHT - BOTTOM, GRID);
            svg.text(across.at(tick), HEIGHT - BOTTOM + 20, "middle", INK, name.apply(tick));
        }
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", INK, axis);
        draw(svg, across, up);
        return svg.toString();
    }

    private double extreme(Comparator<Double> order) {
        return lines.stream().flatMap(line -> line.points().stream()).map(point -> Math.max(point[1], 1)).min(order)
                .orElse(1.0);
    }

    private void draw(Svg svg, LogScale across, LogScale up) {
        List<Label> labels = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            List<double[]> placed = lines.get(i).points().stream().map(point -> new double[]{across.at(point[0]), up.at(
                    Math.max(point[1], 1))}).toList();
            svg.path(placed, i);
            for (double[] point : placed) {
                svg.dot(point[0], point[1], i);
            }
            labels.add(new Label(i, lines.get(i).name(), placed.getLast()[1]));
        }
        labels.sort(Comparator.comparingDouble(Label::y));
        double free = TOP;
        for (Label label : labels) {
            double y = Math.max(label.y(), free);
            svg.text(WIDTH - RIGHT + 12.0, y + 4, "start", Svg.colour(label.index()), label.name());
            free = y + LABEL_HEIGHT;
        }
    }
}
