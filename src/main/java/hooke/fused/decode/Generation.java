package hooke.fused.decode;

import hooke.Check;
import hooke.tensor.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * Continues prompts token by token, many of unequal length side by side. A prompt gets the same tokens alone and beside others: the random
 * numbers of each come from a stream of its own.
 *
 * @param stop the token behind which a sequence ends; it is part of the answer
 */
public record Generation(Decoder decoder, Sampling sampling, OptionalInt stop) {
    /** Sequences whose prompts are read, and which are then continued together, at a time. */
    private static final int TOGETHER = 64;

    /** Whoever follows along. */
    public interface Listener {
        /** A token of a sequence, in the order in which they come. */
        void token(int sequence, int token);
    }

    /**
     * What followed a prompt.
     *
     * @param tokens without the prompt's
     * @param stopped whether the stop token ended it, and not the room that there was
     */
    public record Answer(int[] tokens, boolean stopped) {}

    /**
     * Continues prompts.
     *
     * @param prompts at least one token each
     * @param most tokens of an answer
     * @param seed what the stream of random numbers of each prompt is derived from, with the prompt's number
     */
    public List<Answer> continued(List<int[]> prompts, int most, long seed, Listener listener) {
        return continued(prompts, most, seed, 0, listener);
    }

    /**
     * Continues some of many prompts, as if all were continued together.
     *
     * @param first number of the first of them among all
     */
    public List<Answer> continued(List<int[]> prompts, int most, long seed, int first, Listener listener) {
        prompts.forEach(prompt -> check(prompt, most));
        List<Answer> answers = new ArrayList<>();
        for (int from = 0; from < prompts.size(); from += TOGETHER) {
            List<Sequence> some = new ArrayList<>();
            try {
                for (int i = from; i < Math.min(from + TOGETHER, prompts.size()); i++) {
                    some.add(new Sequence(first + i, prompts.get(i), most, seed));
                }
                run(some, listener);
                some.forEach(sequence -> answers.add(sequence.answer()));
            } finally {
                some.forEach(Sequence::close);
            }
        }
        return answers;
    }

    private void check(int[] prompt, int most) {
        int context = decoder.model().nCtx();
        Check.that(prompt.length > 0, "a prompt must have at least one token");
        Check.that(most >= 0, "the number of tokens to add (%s) must be at least 0", most);
        Check.that(
                prompt.length + most <= context,
                "a prompt of %s tokens and %s more are longer than the model's context of %s (model.n_ctx)",
                prompt.length,
                most,
                context);
        for (int token : prompt) {
            Check.that(
                    token >= 0 && token < decoder.model().dVocab(),
                    "token %s of a prompt is outside the vocabulary: model.d_vocab allows 0 to %s",
                    token,
                    decoder.model().dVocab() - 1);
        }
    }

    private void run(List<Sequence> sequences, Listener listener) {
        List<Sequence> going = new ArrayList<>(sequences);
        going.removeIf(Sequence::isDone);
        readCommon(going);
        while (!going.isEmpty()) {
            decoder.read(going.stream().map(Sequence::unread).toList());
            going.forEach(sequence -> sequence.choose(listener));
            going.removeIf(Sequence::isDone);
        }
    }

    /** Reads once what all prompts begin with; each keeps a token of its own to read. */
    private void readCommon(List<Sequence> sequences) {
        if (sequences.size() < 2) {
            return;
        }
        Sequence first = sequences.getFirst();
        int common = first.prompt.length - 1;
        for (Sequence sequence : sequences) {
            int differs = Arrays.mismatch(first.prompt, sequence.prompt);
            common = Math.min(common, differs < 0 ? common : Math.min(differs, sequence.prompt.length - 1));
        }
        int[] tokens = Arrays.copyOf(first.prompt, common);
        decoder.read(List.of(new Stretch(first.known, tokens, new float[0][])));
        for (Sequence sequence : sequences.subList(1, sequences.size())) {
            sequence.known.begin(first.known, common);
        }
    }

    private final class Sequence {
        private final int number;
        private final int[] prompt;
        private final int[] answer;
        private final KeyValues known = decoder.sequence();
        private final Rng chance;
        private final float[] logits = new float[decoder.model().dVocabOut()];
        private int length;
        private boolean stopped;

        Sequence(int number, int[] prompt, int most, long seed) {
            this.number = number;
            this.prompt = prompt;
            this.answer = new int[most];
            this.chance = Rng.stream(seed, "sample", number);
            known.reserve(prompt.length + most);
        }

        /** What follows the positions that are known: what is left of the prompt, or the last token. */
        Stretch unread() {
            int[] tokens = length > 0
                    ? new int[] {answer[length - 1]}
                    : Arrays.copyOfRange(prompt, known.length(), prompt.length);
            return new Stretch(known, tokens, new float[][] {logits});
        }

        void choose(Listener listener) {
            double drawn = sampling.isGreedy() ? 0 : chance.uniform(1)[0];
            int token = sampling.choose(logits, drawn);
            answer[length++] = token;
            stopped = stop.isPresent() && stop.getAsInt() == token;
            listener.token(number, token);
        }

        boolean isDone() {
            return stopped || length == answer.length;
        }

        void close() {
            chance.close();
            decoder.end(known);
        }

        Answer answer() {
            return new Answer(Arrays.copyOf(answer, length), stopped);
        }
    }
}
