package hooke.lens.life;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Accuracies that the original published, in its metric: CSV with the columns {@code Sample Index,Grid Width,Accuracy}. */
public record Published(List<Board> boards) {
    private static final String HEAD = "Sample Index,Grid Width,Accuracy";

    public record Board(int width, double accuracy) {}

    public static Published read(String path) {
        List<String> lines;
        try {
            lines = Files.readAllLines(Path.of(path));
        } catch (NoSuchFileException e) {
            throw new InputException(path + ": there is no such file of published accuracies", e);
        } catch (IOException e) {
            throw new InputException(path + " cannot be read: " + Reason.of(e), e);
        }
        Check.that(
                !lines.isEmpty() && lines.getFirst().strip().equals(HEAD),
                "%s must be CSV whose first line is %s",
                path,
                HEAD);
        List<Board> boards = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            Check.that(
                    line.isEmpty() || line.matches("[0-9]{1,9},[1-9][0-9]{0,2},(0|0?\\.[0-9]+|1|1\\.0+)"),
                    "%s:%s: must be a number, a width and an accuracy from 0 to 1: 0,16,0.996",
                    path,
                    i + 1);
            if (!line.isEmpty()) {
                String[] columns = line.split(",", -1);
                boards.add(new Board(Integer.parseInt(columns[1]), Double.parseDouble(columns[2])));
            }
        }
        Check.that(!boards.isEmpty(), "%s has no board", path);
        return new Published(List.copyOf(boards));
    }

    /** Whether there is one for each of these boards, by their widths: board by board they can be compared only then. */
    public boolean isOf(List<Integer> widths) {
        return boards.stream().map(Board::width).toList().equals(widths);
    }

    /** Those of some boards, by their places from 0. */
    public Published at(int[] places) {
        return new Published(Arrays.stream(places).mapToObj(boards::get).toList());
    }

    public double mean() {
        return boards.stream().mapToDouble(Board::accuracy).average().orElseThrow();
    }

    /** Means over the boards of each width. */
    public Map<Integer, Double> byWidth() {
        return boards.stream()
                .collect(Collectors.groupingBy(Board::width, Collectors.averagingDouble(Board::accuracy)));
    }
}
