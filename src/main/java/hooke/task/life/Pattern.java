package hooke.task.life;

import hooke.Check;
import hooke.config.task.LifeRule;
import java.util.Optional;
import java.util.regex.Matcher;

/**
 * A rectangle of cells, as the run-length encoding of the Life community writes it: {@code x = 3, y = 3, rule = B3/S23}, then {@code
 * bob$2bo$3o!}: b dead, o alive, $ the end of a row, ! of all.
 *
 * @param cells row by row, 1 alive and 0 dead
 * @param rule as the header says it; empty where it says none
 */
public record Pattern(int width, int height, String cells, Optional<String> rule) {
    private static final int WIDEST = 4096;
    private static final int LINE = 70;

    private static final java.util.regex.Pattern HEADER = java.util.regex.Pattern.compile(
            "\\s*x\\s*=\\s*([0-9]{1,4})\\s*,\\s*y\\s*=\\s*([0-9]{1,4})\\s*(?:,\\s*rule\\s*=\\s*(\\S+)\\s*)?");
    private static final java.util.regex.Pattern RUN = java.util.regex.Pattern.compile("([0-9]{0,4})([bo$.A])");

    /** Whether a word is meant as run-length encoding: a board's digits have no letters. */
    public static boolean isRle(String text) {
        return text.contains("!") || text.contains("$");
    }

    /**
     * This, unless it was made for another rule, under which it is another game. Headers also write S23/B3, and behind a colon the board that
     * a program is to play on.
     */
    Pattern madeFor(LifeRule played) {
        rule.map(text -> text.replaceFirst(":.*$", "").replaceFirst("^([Ss][0-8]*)/([Bb][0-8]*)$", "$2/$1"))
                .ifPresent(text -> Check.that(
                        LifeRule.parse(text, "the rule of the pattern").equals(played),
                        "the pattern is made for the rule %s, and played is %s: leave the rule out of its header to play it all the same",
                        text,
                        played));
        return this;
    }

    /** Reads run-length encoding; lines that begin with # are comments. */
    public static Pattern parse(String text) {
        int width = 0;
        int height = 0;
        Optional<String> rule = Optional.empty();
        var body = new StringBuilder();
        for (String line : text.lines().toList()) {
            Matcher header = HEADER.matcher(line);
            if (header.matches()) {
                width = Integer.parseInt(header.group(1));
                height = Integer.parseInt(header.group(2));
                rule = Optional.ofNullable(header.group(3));
            } else if (!line.startsWith("#")) {
                body.append(line.replaceAll("\\s", ""));
            }
        }
        return ofBody(body.toString(), width, height, rule);
    }

    private static Pattern ofBody(String body, int width, int height, Optional<String> rule) {
        int end = body.indexOf('!');
        Check.that(end >= 0, "a pattern as RLE ends with !, which '%s' has not", shown(body));
        String[] rows = rows(body.substring(0, end)).split("\n", -1);
        int widest = width;
        for (String row : rows) {
            widest = Math.max(widest, row.length());
        }
        Check.that(
                (width == 0 || widest == width) && (height == 0 || rows.length <= height),
                "the pattern '%s' is larger than the x = %s, y = %s of its header",
                shown(body),
                width,
                height);
        int tallest = Math.max(height, rows.length);
        Check.that(
                widest >= 1 && (long) widest * tallest <= WIDEST * (long) WIDEST,
                "the pattern '%s' has no cell, or too many",
                shown(body));
        var cells = new StringBuilder();
        for (int y = 0; y < tallest; y++) {
            String row = y < rows.length ? rows[y] : "";
            cells.append(row).append("0".repeat(widest - row.length()));
        }
        return new Pattern(widest, tallest, cells.toString(), rule);
    }

    private static String rows(String runs) {
        var rows = new StringBuilder();
        Matcher run = RUN.matcher(runs);
        int read = 0;
        while (run.find() && run.start() == read && rows.length() <= WIDEST * WIDEST) {
            String sign = switch (run.group(2)) {
                case "$" -> "\n";
                case "o", "A" -> "1";
                default -> "0";
            };
            rows.append(sign.repeat(run.group(1).isEmpty() ? 1 : Integer.parseInt(run.group(1))));
            read = run.end();
        }
        Check.that(
                read == runs.length(),
                "the pattern '%s' is no RLE: it has b for dead cells, o for living ones and $ between rows, each with a number of times before it",
                shown(runs));
        return rows.toString();
    }

    private static String shown(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60) + "...";
    }

    /** A board as a pattern. */
    public static Pattern of(Boards boards, int board) {
        return new Pattern(boards.width(), boards.height(), boards.text(board), Optional.empty());
    }

    /** In the middle of a board that is dead otherwise. */
    public String on(int boardWidth, int boardHeight) {
        Check.that(
                width <= boardWidth && height <= boardHeight,
                "a pattern of %s x %s cells does not fit on a board of %s x %s",
                width,
                height,
                boardWidth,
                boardHeight);
        int left = (boardWidth - width) / 2;
        int top = (boardHeight - height) / 2;
        var board = new StringBuilder("0".repeat(boardWidth * boardHeight));
        for (int y = 0; y < height; y++) {
            int at = (top + y) * boardWidth + left;
            board.replace(at, at + width, cells.substring(y * width, (y + 1) * width));
        }
        return board.toString();
    }

    /** As run-length encoding, with a header. */
    public String rle() {
        var body = new StringBuilder();
        int ends = 0;
        for (int y = 0; y < height; y++) {
            String row = cells.substring(y * width, (y + 1) * width).replaceFirst("0+$", "");
            if (!row.isEmpty()) {
                run(body, ends, '$');
                ends = 0;
            }
            for (int x = 0; x < row.length(); ) {
                int from = x;
                while (x < row.length() && row.charAt(x) == row.charAt(from)) {
                    x++;
                }
                run(body, x - from, row.charAt(from) == '1' ? 'o' : 'b');
            }
            ends++;
        }
        String header = "x = %s, y = %s%s\n"
                .formatted(width, height, rule.map(r -> ", rule = " + r).orElse(""));
        return header + (body + "!").replaceAll("(.{" + LINE + "})(?=.)", "$1\n") + "\n";
    }

    private static void run(StringBuilder body, int times, char sign) {
        if (times > 0) {
            body.append(times == 1 ? "" : Integer.toString(times)).append(sign);
        }
    }
}
