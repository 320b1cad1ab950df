package io.headgate.loadtest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Draws columns of a CSV file over its first one: {@code Plot TITLE IN.csv OUT.svg COLUMN...}. Rows whose first column is
 * no number are left out.
 */
public final class Plot {
    private static final int WIDTH = 760;
    private static final int HEIGHT = 300;
    private static final int LEFT = 70;
    private static final int TOP = 40;
    private static final String[] COLORS = {"#1b6ca8", "#c8553d", "#5a8f29", "#7a5195", "#8a6d00"};

    private final StringBuilder svg = new StringBuilder();

    private Plot() {}

    /** Writes the picture. */
    public static void main(String[] args) throws IOException {
        List<String> lines = Files.readAllLines(Path.of(args[1]));
        List<String> names = names(lines);
        List<String> columns = List.of(args).subList(3, args.length);
        Files.writeString(Path.of(args[2]), svg(args[0], names, rows(lines), columns));
    }

    /** The names of a CSV file's columns. */
    static List<String> names(List<String> lines) {
        return List.of(lines.get(0).split(",", -1));
    }

    /** The rows of a CSV file whose first column is a number. */
    static List<double[]> rows(List<String> lines) {
        List<double[]> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            if (line.matches("[0-9].*")) {
                rows.add(List.of(line.split(",", -1)).stream()
                        .mapToDouble(Double::parseDouble)
                        .toArray());
            }
        }
        return rows;
    }

    /** The picture. */
    static String svg(String title, List<String> names, List<double[]> rows, List<String> columns) {
        return new Plot().draw(title, names, rows, columns);
    }

    private String draw(String title, List<String> names, List<double[]> rows, List<String> columns) {
        double right = rows.stream().mapToDouble(row -> row[0]).max().orElse(1);
        double top = columns.stream()
                .mapToInt(names::indexOf)
                .mapToDouble(column ->
                        rows.stream().mapToDouble(row -> row[column]).max().orElse(1))
                .max()
                .orElse(1);
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n",
                WIDTH + LEFT + 20, HEIGHT + TOP + 40));
        text(LEFT, 16, "#000", title);
        for (int i = 0; i <= 4; i++) {
            int y = TOP + HEIGHT - i * HEIGHT / 4;
            line("#ddd", LEFT + "," + y + " " + (LEFT + WIDTH) + "," + y);
            text(4, y + 4, "#555", String.format("%,.0f", top * i / 4));
            text(LEFT + WIDTH * i / 4 - 8, TOP + HEIGHT + 18, "#555", String.format("%.0f", right * i / 4));
        }
        for (int i = 0; i < columns.size(); i++) {
            int column = names.indexOf(columns.get(i));
            StringBuilder points = new StringBuilder();
            for (double[] row : rows) {
                points.append(String.format(
                        "%.1f,%.1f ",
                        LEFT + row[0] / Math.max(right, 1) * WIDTH,
                        TOP + HEIGHT - row[column] / Math.max(top, 1e-9) * HEIGHT));
            }
            line(COLORS[i % COLORS.length], points.toString());
            text(LEFT + i * 120, 32, COLORS[i % COLORS.length], columns.get(i));
        }
        return svg.append("</svg>\n").toString();
    }

    private void line(String color, String points) {
        svg.append(String.format(
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>%n", color, points.strip()));
    }

    private void text(int x, int y, String color, String text) {
        svg.append(String.format("<text x=\"%d\" y=\"%d\" fill=\"%s\">%s</text>%n", x, y, color, text));
    }
}
