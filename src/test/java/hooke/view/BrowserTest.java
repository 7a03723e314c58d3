package hooke.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.BoundingBox;
import com.microsoft.playwright.options.ColorScheme;
import hooke.view.run.RunPage;
import hooke.view.run.RunReport;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A page in the browser of its reader, Debian's chromium. After each test: nothing was fetched, no error was logged. */
public abstract class BrowserTest {
    /** Milliseconds, which only a page that hangs takes. */
    private static final double WAIT = 180_000;

    @TempDir
    private static Path folder;

    @SuppressWarnings("NullAway.Init")
    protected static Path grokking;

    @SuppressWarnings("NullAway.Init")
    protected static Path listCopy;

    private static @Nullable Playwright playwright;

    @SuppressWarnings("NullAway.Init")
    private static Browser browser;

    protected final List<String> complaints = new ArrayList<>();

    @SuppressWarnings("NullAway.Init")
    private BrowserContext context;

    @SuppressWarnings("NullAway.Init")
    protected Page page;

    @BeforeAll
    protected static void start() {
        Optional<Path> chromium = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(bin -> Stream.of(Path.of(bin, "chromium"), Path.of(bin, "chromium-browser")))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(chromium.isPresent(), "chromium is not installed");
        grokking = folder.resolve("grokking.html");
        listCopy = folder.resolve("list-copy.html");
        RunPage.of(SampleReports.grokking()).write(grokking);
        RunPage.of(SampleReports.listCopy()).write(listCopy);
        PlaywrightAssertions.setDefaultAssertionTimeout(WAIT);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.get())
                        .setArgs(List.of("--no-sandbox")));
    }

    @AfterAll
    protected static void stop() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    protected void newPage() {
        context = browser.newContext(
                new Browser.NewContextOptions().setViewportSize(1200, 900).setColorScheme(ColorScheme.LIGHT));
        context.setDefaultTimeout(WAIT);
        page = context.newPage();
        page.onConsoleMessage(message -> complaints.add("console: " + message.text()));
        page.onPageError(error -> complaints.add("error: " + error));
    }

    @AfterEach
    protected void noErrorAndNothingFetched() {
        context.close();
        assertThat(complaints).isEmpty();
    }

    protected void open(RunReport run) {
        Path file = folder.resolve(run.experiment().name() + run.state() + ".html");
        RunPage.of(run).write(file);
        open(file);
    }

    protected void open(Path file) {
        String address = file.toUri().toString();
        context.route("**/*", route -> {
            if (route.request().url().equals(address)) {
                route.resume();
            } else {
                complaints.add("fetched: " + route.request().url());
                route.abort();
            }
        });
        page.navigate(address);
        settle();
    }

    /** Until every plot shows its state: a resize is seen after a frame's callbacks, and drawn in the next frame's. */
    protected void settle() {
        page.evaluate("async () => { for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame); }");
    }

    protected Locator plot(int i) {
        return page.locator(".curves .surface").nth(i);
    }

    protected BoundingBox box(Locator locator) {
        locator.scrollIntoViewIfNeeded();
        return locator.boundingBox();
    }

    /** The steps in view, from low to high. */
    protected List<Double> shown() {
        settle();
        return numbers("plots[0].shared.shown()");
    }

    protected List<Double> numbers(String expression) {
        List<?> values = (List<?>) page.evaluate(expression);
        return values.stream().map(v -> ((Number) v).doubleValue()).toList();
    }

    protected void drag(Locator plot, double fromX, double toX) {
        BoundingBox box = box(plot);
        page.mouse().move(box.x + box.width * fromX, box.y + 160);
        page.mouse().down();
        page.mouse().move(box.x + box.width * (fromX + toX) / 2, box.y + 165);
        page.mouse().move(box.x + box.width * toX, box.y + 165);
        page.mouse().up();
    }

    /** How many pixels of a canvas have nearly that colour. */
    protected int pixels(Locator canvas, String colour) {
        return (int) canvas.evaluate("""
                (canvas, rgb) => {
                  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
                  copy.drawImage(canvas, 0, 0);
                  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
                  let n = 0;
                  for (let i = 0; i < data.length; i += 4) {
                    n += data[i + 3] > 200 && [0, 1, 2].every(k => Math.abs(data[i + k] - (rgb >> (16 - 8 * k) & 255)) < 24);
                  }
                  return n;
                }""", Palette.rgb(colour));
    }
}
