package hooke.check;

import hooke.InputException;
import hooke.stats.Bootstrap;
import hooke.stats.Estimate;
import hooke.stats.KaplanMeier;
import hooke.stats.LogRank;
import hooke.stats.MannWhitney;
import hooke.stats.MultipleTesting;
import hooke.stats.Paired;
import hooke.stats.Proportion;
import hooke.stats.Sample;
import hooke.stats.Times;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The family {@code survival}: survival analysis of lifelines, and scipy's bootstrap, rank tests, corrections and intervals. */
final class VerifySurvival {
    private static final double LEVEL = 0.95;

    private final JsonNode survival;
    private final JsonNode statistics;
    private final Deviation figures;
    private final Deviation pValues;

    private VerifySurvival(GoldenSet set) {
        survival = set.json("survival.json");
        statistics = set.json("statistics.json");
        figures = comparison(set, "all");
        pValues = comparison(set, "p-values");
    }

    private static Deviation comparison(GoldenSet set, String quantity) {
        return new Deviation(
                set.name(),
                set.tolerance(quantity)
                        .orElseThrow(() -> new InputException(
                                set.name() + "/golden.json has no tolerance for '" + quantity + "'")));
    }

    static List<Finding> of(GoldenSet set) {
        var verify = new VerifySurvival(set);
        verify.survival.path("datasets").properties().forEach(e -> verify.dataset(e.getKey(), e.getValue()));
        verify.logRank();
        verify.bootstrap();
        verify.rankTests();
        verify.multipleTesting();
        verify.proportions();
        return Stream.of(verify.figures, verify.pValues)
                .flatMap(comparison -> comparison.findings().stream())
                .toList();
    }

    private void dataset(String name, JsonNode data) {
        KaplanMeier curve = times(name).kaplanMeier(LEVEL);
        JsonNode table = data.path("kaplan_meier");
        figure(name + " rows", curve.rows().size(), table.size());
        for (int i = 0; i < Math.min(table.size(), curve.rows().size()); i++) {
            KaplanMeier.Row row = curve.rows().get(i);
            JsonNode recorded = table.get(i);
            String place = name + " at " + row.time();
            figure(place, row.time(), recorded.path("time"));
            figure(place + " at risk", row.atRisk(), recorded.path("at_risk"));
            figure(place + " events", row.events(), recorded.path("events"));
            figure(place + " censored", row.censored(), recorded.path("censored"));
            figure(place + " survival", row.survival(), recorded.path("survival"));
            figure(place + " lower", row.low(), recorded.path("lower95"));
            figure(place + " upper", row.high(), recorded.path("upper95"));
            figure(place + " hazard", row.hazard(), data.path("nelson_aalen").path(String.valueOf(row.time())));
        }
        figure(name + " median", curve.median().value(), data.path("median"));
        interval(name + " median", curve.median(), data.path("median_ci95"));
        for (var fall : data.path("time_when_survival_falls_to").properties()) {
            double share = Double.parseDouble(fall.getKey());
            // Where a step ends on the share itself, the last bit of lifelines' exp(sum of logs) decides; ours counts
            // it as fallen.
            if (curve.rows().stream().noneMatch(row -> Math.abs(row.survival() - share) < 1e-12)) {
                figure(name + " falls to " + share, curve.quantile(1 - share).value(), fall.getValue());
            }
        }
        // lifelines' variance of min(T, tau) is left out: it is no figure of ours, and by a quadrature that misses
        // steps.
        for (JsonNode mean : data.path("rmst")) {
            double tau = mean.path("tau").asDouble();
            figure(name + " mean to " + tau, curve.restrictedMean(tau).value(), mean.path("rmst"));
            figure(
                    name + " variance to " + tau,
                    curve.restrictedMeanVariance(tau),
                    mean.path("greenwood_variance_of_estimate"));
        }
    }

    private Times times(String name) {
        JsonNode data = survival.path("datasets").path(name);
        double[] time = numbers(data.path("time"));
        boolean[] observed = new boolean[time.length];
        for (int i = 0; i < time.length; i++) {
            observed[i] = data.path("observed").get(i).asBoolean();
        }
        return Times.of(time, observed, "steps");
    }

    private void logRank() {
        for (JsonNode pair : survival.path("logrank")) {
            String a = pair.path("a").asString();
            String b = pair.path("b").asString();
            LogRank test = LogRank.of(List.of(times(a), times(b)));
            String place = "log-rank of " + a + " and " + b;
            figure(place, test.statistic(), pair.path("statistic"));
            figure(place + " z", test.z(), pair.path("scipy_z"));
            pValue(place, test.p(), pair.path("p"));
        }
        JsonNode all = survival.path("logrank_k_groups");
        List<Times> groups = new ArrayList<>();
        all.path("groups").forEach(name -> groups.add(times(name.asString())));
        LogRank test = LogRank.of(groups);
        figure("log-rank of groups", test.statistic(), all.path("statistic"));
        figure("log-rank of groups, degrees", test.degrees(), all.path("df"));
        pValue("log-rank of groups", test.p(), all.path("p"));
    }

    private void bootstrap() {
        for (JsonNode data : statistics.path("bootstrap_mean")) {
            String name = data.path("name").asString();
            int[][] resamples = new int[data.path("resample_indices").size()][];
            for (int i = 0; i < resamples.length; i++) {
                resamples[i] = Arrays.stream(
                                numbers(data.path("resample_indices").get(i)))
                        .mapToInt(index -> (int) index)
                        .toArray();
            }
            Sample sample = Sample.of(numbers(data.path("x")), "");
            Bootstrap bootstrap = Bootstrap.of(sample, "mean", Sample::mean, resamples);
            figure(name + " mean", bootstrap.value(), data.path("mean"));
            figure(name + " sd", sample.standardDeviation(), data.path("sd_ddof1"));
            figure(name + " standard error", sample.standardError(), data.path("standard_error"));
            figure(name + " bootstrap error", bootstrap.standardError(), data.path("standard_error_bootstrap"));
            interval(name + " percentile", bootstrap.percentile(LEVEL), data.path("percentile"));
            interval(name + " basic", bootstrap.basic(LEVEL), data.path("basic"));
            interval(name + " BCa", bootstrap.bca(LEVEL), data.path("BCa"));
            JsonNode parts = data.path("BCa_parts");
            figure(name + " z0", bootstrap.bias(), parts.path("z0"));
            figure(name + " acceleration", bootstrap.acceleration(), parts.path("acceleration"));
            figure(
                    name + " BCa low",
                    bootstrap.bcaPercentile(0.025),
                    parts.path("percentiles").get(0));
            figure(
                    name + " BCa high",
                    bootstrap.bcaPercentile(0.975),
                    parts.path("percentiles").get(1));
        }
        for (JsonNode data : statistics.path("iqm")) {
            Sample sample = Sample.of(numbers(data.path("x")), "");
            figure("IQM of " + sample.n(), sample.interquartileMean(), data.path("iqm"));
            figure("median of " + sample.n(), sample.median(LEVEL).value(), data.path("median"));
        }
    }

    private void rankTests() {
        for (JsonNode data : statistics.path("mann_whitney")) {
            String name = "Mann-Whitney " + data.path("name").asString();
            var test = MannWhitney.of(Sample.of(numbers(data.path("x")), ""), Sample.of(numbers(data.path("y")), ""));
            figure(name + " U", test.u(), data.path("U_x"));
            figure(name + " probability", test.probabilityOfImprovement(), data.path("probability_x_greater"));
            pValue(name + " normal", test.normalP(), data.path("p_asymptotic_corrected"));
            if (data.path("note").isMissingNode()) { // scipy's exact p ignores ties, ours does not
                pValue(name + " exact", test.p(), data.path("p_exact"));
            }
        }
        for (JsonNode data : statistics.path("paired")) {
            Paired paired = Paired.of(Sample.of(numbers(data.path("x")), ""), Sample.of(numbers(data.path("y")), ""));
            double[] recorded = numbers(data.path("differences"));
            for (int i = 0; i < recorded.length; i++) {
                figure("paired difference " + i, paired.differences().values()[i], recorded[i]);
            }
            figure("paired t", paired.t(), data.path("t"));
            pValue("paired t", paired.tP(), data.path("t_p"));
            pValue("Wilcoxon", paired.wilcoxonP(), data.path("wilcoxon_exact_p"));
            pValue("sign flips", paired.signFlipP(), data.path("sign_flip_permutation_p_all_32"));
        }
    }

    private void multipleTesting() {
        for (JsonNode data : statistics.path("multiple_testing")) {
            double[] p = numbers(data.path("p"));
            pValues("Holm", MultipleTesting.holm(p), data.path("holm"));
            pValues("Bonferroni", MultipleTesting.bonferroni(p), data.path("bonferroni"));
            pValues("Benjamini-Hochberg", MultipleTesting.benjaminiHochberg(p), data.path("benjamini_hochberg"));
        }
    }

    private void proportions() {
        for (JsonNode data : statistics.path("proportions")) {
            var share = new Proportion(data.path("k").asInt(), data.path("n").asInt());
            interval(share + " Wilson", share.wilson(LEVEL), data.path("wilson"));
            interval(share + " exact", share.exact(LEVEL), data.path("exact"));
        }
    }

    private void interval(String place, Estimate ours, JsonNode recorded) {
        figure(place + " low", ours.low(), recorded.get(0));
        figure(place + " high", ours.high(), recorded.get(1));
    }

    private void figure(String place, double ours, JsonNode recorded) {
        figure(place, ours, number(recorded));
    }

    private void figure(String place, double ours, double recorded) {
        figures.number(place, ours, recorded);
    }

    private void pValue(String place, double ours, JsonNode recorded) {
        pValues.number(place, ours, number(recorded));
    }

    private void pValues(String place, double[] ours, JsonNode recorded) {
        for (int i = 0; i < ours.length; i++) {
            pValue(place + " " + i, ours[i], recorded.get(i));
        }
    }

    private static double[] numbers(JsonNode list) {
        return IntStream.range(0, list.size())
                .mapToDouble(i -> number(list.get(i)))
                .toArray();
    }

    /** A number, or "NaN" or "Infinity" in quotes. */
    private static double number(JsonNode node) {
        return node.isString() ? Double.parseDouble(node.asString()) : node.asDouble();
    }
}
