package hooke.task;

import hooke.Check;

/** Whole numbers as people type them. */
final class Numbers {
    private Numbers() {}

    /** The number from 0 to a largest one that a word spells. */
    static int parse(String word, String what, int largest) {
        Check.that(
                word.matches("[0-9]{1,9}") && Integer.parseInt(word) <= largest,
                "'%s' must be %s: a whole number from 0 to %s",
                word,
                what,
                largest);
        return Integer.parseInt(word);
    }
}
