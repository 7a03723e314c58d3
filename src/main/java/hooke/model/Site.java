package hooke.model;

import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Pieces;
import hooke.hook.Point;
import hooke.hook.Rows;
import hooke.tensor.Dropout;
import hooke.tensor.Tensor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where in the model a computation stands, and who looks on there, so that a hook point costs one line.
 *
 * @param drops what dropout takes away in training; null for nothing
 */
record Site(Hooks hooks, int layer, Shown shown, @Nullable Drops drops) {
    /** How an activation gets to the hooks. */
    sealed interface Shown {
        /** As it is, of all examples. */
        record Whole() implements Shown {}

        /** As it is, of some of many examples: it is kept until those that follow are there. */
        record Piece(Pieces pieces) implements Shown {}

        /** As rows of states, of some of many examples: kept until those that follow are there. */
        record PieceOfStates(Pieces pieces, Level level) implements Shown {}
    }

    /** Outside the blocks. */
    static Site of(Hooks hooks, Shown shown) {
        return new Site(hooks, HookPoint.NO_LAYER, shown, null);
    }

    Site dropping(@Nullable Drops other) {
        return new Site(hooks, layer, shown, other);
    }

    Site in(int block) {
        return new Site(hooks, block, shown, drops);
    }

    /** This place in the model, with rows of the states behind a layer. */
    Site on(Level level) {
        return switch (shown) {
            case Shown.PieceOfStates(Pieces pieces, Level _) ->
                new Site(hooks, layer, new Shown.PieceOfStates(pieces, level), drops);
            case Shown.Whole _, Shown.Piece _ -> throw new IllegalStateException("only a pass by states has levels");
        };
    }

    /** What attention or MLP adds to the stream, behind its hook. */
    Tensor dropped(Dropout.Place place, Tensor written) {
        return drops == null ? written : drops.written(place, layer, written);
    }

    private HookPoint point(Point kind) {
        return new HookPoint(kind, layer);
    }

    /** Whether anybody reads or changes a point. */
    boolean touched(Point kind) {
        return !hooks.isEmpty() && hooks.touch(point(kind));
    }

    /** Shows a tensor that has the axes of the point. */
    Tensor at(Point kind, Tensor value) {
        return at(kind, value, value.size(-1));
    }

    /** Shows a tensor whose last axis is these at the point. */
    Tensor at(Point kind, Tensor value, long... last) {
        if (!touched(kind)) {
            return value;
        }
        return switch (shown) {
            case Shown.Whole() -> {
                Tensor before = last.length == 1 ? value : LastAxis.split(value, last);
                Tensor after = hooks.at(point(kind), before);
                yield last.length == 1 ? after : after.reshape(value.shape());
            }
            case Shown.Piece(Pieces pieces) -> {
                Tensor activation = LastAxis.split(value, last);
                pieces.add(point(kind), new Rows(activation, null, activation.shape()));
                yield value;
            }
            case Shown.PieceOfStates(Pieces pieces, Level level) -> {
                pieces.add(point(kind), level.asRows(value, last));
                yield value;
            }
        };
    }

    /** Shows rows to a pass by states; they are made only if somebody reads them. */
    void show(Point kind, Supplier<Rows> rows) {
        switch (shown) {
            case Shown.PieceOfStates(Pieces pieces, Level _) -> {
                if (touched(kind)) {
                    pieces.add(point(kind), rows.get());
                }
            }
            case Shown.Whole _, Shown.Piece _ -> throw new IllegalStateException("only a pass by states shows rows");
        }
    }
}
