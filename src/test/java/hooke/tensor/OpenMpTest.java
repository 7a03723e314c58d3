package hooke.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.JavaProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenMpTest {
    @Test
    void threadsWithoutWorkSleepUnlessToldOtherwise() throws Exception {
        assertThat(policy(Map.of())).isEqualToIgnoringCase("passive");
        assertThat(policy(Map.of("OMP_WAIT_POLICY", "active"))).isEqualToIgnoringCase("active");
    }

    /** As OpenMP itself says when it is loaded. */
    private static String policy(Map<String, String> environment) throws IOException, InterruptedException {
        var builder = new ProcessBuilder(
                        JavaProcess.command(List.of("-XX:TieredStopAtLevel=1"), OpenMpTest.class.getName()))
                .redirectErrorStream(true);
        builder.environment().remove("OMP_WAIT_POLICY");
        builder.environment().put("OMP_DISPLAY_ENV", "true");
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("OMP_WAIT_POLICY");
        return said.replaceFirst("(?s).*OMP_WAIT_POLICY\\s*=\\s*'(\\w+)'.*", "$1");
    }

    public static void main(String[] args) {
        Libtorch.load();
    }
}
