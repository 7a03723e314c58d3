package hooke.cli.life;

import hooke.fused.decode.Decoder;
import hooke.fused.decode.Generation;
import hooke.fused.decode.Sampling;
import hooke.task.life.LifeText;
import hooke.task.life.Player;
import java.util.List;
import java.util.OptionalInt;

/** A model that writes its answers byte by byte. Each answer's random numbers are its own: they depend on how many came before. */
final class DecodedPlayer implements Player {
    private final Generation generation;
    private final long seed;
    private int answered;

    DecodedPlayer(Decoder decoder, Sampling sampling, long seed) {
        this.generation = new Generation(decoder, sampling, OptionalInt.of(LifeText.END));
        this.seed = seed;
    }

    @Override
    public List<String> answers(List<String> boards, LifeText text) {
        List<int[]> prompts =
                boards.stream().map(b -> LifeText.tokens(text.prompt(b))).toList();
        List<Generation.Answer> answers =
                generation.continued(prompts, text.answerLength(), seed, answered, (_, _) -> {});
        answered += boards.size();
        return answers.stream().map(answer -> LifeText.of(answer.tokens())).toList();
    }
}
