package hooke;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who may use whom: data flows downwards through the rooms, and each outside library has one room that knows it. */
final class RoomsTest {
    /** A room and those that it may use. What lies in package hooke itself, every room may use. */
    private static final Map<String, Set<String>> ROOMS = Map.ofEntries(
            room("text"),
            room("config", "text"),
            room("tensor"),
            room("stats"),
            room("place"),
            room("task", "config", "tensor", "text"),
            room("reach", "config"),
            room("hook", "tensor"),
            room("model", "config", "tensor", "reach", "hook"),
            room("store", "config", "tensor"),
            room("fused", "config", "tensor", "task", "reach"),
            room("train", "config", "tensor", "task", "hook", "model", "fused", "store"),
            room("sweep", "config", "place", "stats", "task", "store", "train"),
            room("lens", "config", "tensor", "stats", "task", "hook", "model", "store"),
            // A run that another program trained is measured and stored as one of ours: its split, outcome and
            // evaluations.
            room("interop", "config", "tensor", "task", "model", "store", "train"),
            room(
                    "check", "config", "reach", "tensor", "stats", "text", "task", "hook", "model", "store", "train",
                    "fused", "sweep", "lens", "interop"),
            // Its log is a recorder of the training, and its lines tell evaluations and results.
            room("track", "config", "store", "train"),
            room("view", "config", "stats", "store", "sweep", "lens"),
            room(
                    "cli", "config", "tensor", "stats", "text", "task", "hook", "model", "store", "train", "fused",
                    "sweep", "place", "lens", "interop", "check", "track", "view"));

    /** An outside package and the only room that knows it. */
    private static final Map<String, String> KNOWN_BY = Map.of(
            "org.bytedeco", "tensor",
            "java.sql", "store",
            "org.sqlite", "store",
            "picocli", "cli",
            "org.jfree", "view",
            "org.apache.commons.statistics", "stats",
            "org.apache.batik", "view",
            "software.amazon", "place");

    private static final JavaClasses PROGRAM = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("hooke");

    private static final SliceAssignment PACKAGES = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass one) {
            return SliceIdentifier.of(one.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    };

    private static Map.Entry<String, Set<String>> room(String name, String... uses) {
        return Map.entry(name, Set.of(uses));
    }

    @Test
    void everyPackageIsARoomOfTheTable() {
        Set<String> packages = PROGRAM.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> !name.equals("hooke"))
                .map(name -> name.substring("hooke.".length()).replaceFirst("\\..*", "")) // a large room has chambers
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(packages).isNotEmpty().isSubsetOf(ROOMS.keySet());
    }

    @Test
    void roomsUseOnlyTheRoomsBelow() {
        ROOMS.forEach((room, uses) -> {
            Set<String> others = new HashSet<>(ROOMS.keySet());
            others.removeAll(uses);
            others.remove(room);
            noClasses()
                    .that()
                    .resideInAPackage("hooke." + room + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            others.stream().map(o -> "hooke." + o + "..").toArray(String[]::new))
                    .because(room + " may use " + new TreeSet<>(uses))
                    .allowEmptyShould(true)
                    .check(PROGRAM);
        });
    }

    /** So that who reads a room's introduction learns from it what the room may use. */
    @Test
    void everyRoomsIntroductionEndsWithTheRoomsThatItUses() throws IOException {
        for (Map.Entry<String, Set<String>> room : ROOMS.entrySet()) {
            String text = Files.readString(Path.of("src/main/java/hooke", room.getKey(), "package-info.java"))
                    .replaceAll("\\s+(\\* )?", " ");
            Matcher said = Pattern.compile("This room (?:may use every other|uses ([^.]+))\\.")
                    .matcher(text);
            assertThat(said.find()).as("%s says what it uses", room.getKey()).isTrue();
            if (said.group(1) != null) {
                assertThat(Pattern.compile("\\{@code (\\w+)\\}")
                                .matcher(said.group(1))
                                .results()
                                .map(name -> name.group(1)))
                        .as("what %s says that it uses", room.getKey())
                        .containsExactlyInAnyOrderElementsOf(room.getValue());
            }
        }
    }

    @Test
    void whatAllShareUsesNoRoom() {
        noClasses()
                .that()
                .resideInAPackage("hooke")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("hooke.*..")
                .check(PROGRAM);
    }

    @Test
    void roomsFormNoCycle() {
        SlicesRuleDefinition.slices()
                .matching("hooke.(*)..")
                .should()
                .beFreeOfCycles()
                .check(PROGRAM);
    }

    /** A large room has chambers, what they share below them or in the room itself. */
    @Test
    void chambersFormNoCycle() {
        SlicesRuleDefinition.slices()
                .assignedFrom(PACKAGES)
                .should()
                .beFreeOfCycles()
                .check(PROGRAM);
    }

    @Test
    void eachOutsideLibraryHasOneRoom() {
        KNOWN_BY.forEach((library, room) -> noClasses()
                .that()
                .resideOutsideOfPackage("hooke." + room + "..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library + "..")
                .because("only " + room + " knows it")
                .check(PROGRAM));
    }

    /** Others see runs, series and checkpoints, and never the files and tables that these lie in. */
    @Test
    void onlyTheStoreKnowsItsDatabaseAndFolders() {
        noClasses()
                .that()
                .resideOutsideOfPackage("hooke.store..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "hooke\\.store\\.(sqlite\\..*|files\\.(CheckpointFolder|RunLock|Owner|OpenedFile)|series\\.SeriesTable).*")
                .check(PROGRAM);
    }

    /** Others hand a page its data, and neither its tree of tags nor a string of them. */
    @Test
    void onlyTheViewKnowsHtml() throws IOException {
        noClasses()
                .that()
                .resideOutsideOfPackage("hooke.view..")
                .should()
                .dependOnClassesThat()
                .haveNameMatching("hooke\\.view\\.page\\.(Html|PageParts|Figure)\\b.*")
                .check(PROGRAM);
        Predicate<String> tag = Pattern.compile(
                        "\".*</?(html|head|body|script|style|div|span|p|table|tr|td|svg|ul|li)\\b")
                .asPredicate();
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source :
                    sources.filter(p -> p.toString().endsWith(".java")).toList()) {
                if (!source.startsWith("src/main/java/hooke/view")) {
                    assertThat(Files.readAllLines(source)).as("%s", source).noneMatch(tag);
                }
            }
        }
    }

    @Test
    void onlyTheCommandLinePrintsAndExits() {
        Set<String> may = Set.of("hooke.cli", "hooke.cli.terminal", "hooke.cli.process");
        var elsewhere = describe("outside the program's frame", (JavaClass c) -> !may.contains(c.getPackageName()));
        noClasses()
                .that(elsewhere)
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .check(PROGRAM);
        noClasses()
                .that(elsewhere)
                .should()
                .callMethod(System.class, "exit", int.class)
                .orShould()
                .callMethod(Runtime.class, "halt", int.class)
                .orShould()
                .callMethod(Runtime.class, "exit", int.class)
                .check(PROGRAM);
    }

    /** So that a name says which file is meant, in a message, a search or a talk. */
    @Test
    void noNameStandsTwice() {
        Map<String, List<String>> byName = new ClassFileImporter()
                .importPackages("hooke").stream()
                        .filter(JavaClass::isTopLevelClass)
                        .filter(c -> !c.getSimpleName().equals("package-info"))
                        .collect(Collectors.groupingBy(
                                JavaClass::getSimpleName, Collectors.mapping(JavaClass::getName, Collectors.toList())));

        assertThat(byName.values()).allSatisfy(all -> assertThat(all).hasSize(1));
    }

    @Test
    void everyRoomIsNullMarked() {
        List<String> unmarked = PROGRAM.stream()
                .filter(c -> !c.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                .map(JavaClass::getPackageName)
                .distinct()
                .toList();

        assertThat(unmarked).isEmpty();
    }
}
