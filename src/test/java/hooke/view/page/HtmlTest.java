package hooke.view.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.view.SampleReports;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class HtmlTest {
    private static String written(Html html) {
        var out = new StringBuilder();
        html.write(out);
        return out.toString();
    }

    @Test
    void textCannotBecomeMarkup() {
        assertThat(written(Html.tag("p", SampleReports.HOSTILE)))
                .isEqualTo(
                        "<p>&lt;img src=x onerror=alert(1)&gt;&lt;/script&gt;&lt;script&gt;document.title=&#39;owned&#39;"
                                + "&lt;/script&gt; &amp; &quot;quoted&quot; &#39;too&#39;</p>");
    }

    @Test
    void attributesCannotBeLeft() {
        assertThat(written(Html.tag("a", "x").with("title", "\" onclick=\"alert(1)")))
                .isEqualTo("<a title=\"&quot; onclick=&quot;alert(1)\">x</a>");
    }

    @Test
    void dataCannotEndItsBlockAndStaysTheSame() {
        var data = JsonNodeFactory.instance.objectNode().put("label", SampleReports.HOSTILE + "<!--\u2028");

        String block = written(new Html.Data(data));

        String inside = block.substring(block.indexOf('>') + 1, block.length() - "</script>".length());
        assertThat(inside).doesNotContain("<");
        assertThat(JsonMapper.shared().readTree(inside)).isEqualTo(data);
    }

    @Test
    void controlCharactersAreShownAsUnknown() {
        assertThat(written(Html.text("a\u0000b\u001bc\nd\te"))).isEqualTo("a\ufffdb\ufffdc\nd\te");
    }

    @Test
    void scriptsStylesAndHandlersAreNoPartsOfABody() {
        assertThatThrownBy(() -> Html.tag("script", "alert(1)")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Html.tag("style", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Html.tag("p><script", "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Html.tag("p", "").with("onclick", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Html.tag("p", "").with("a b", "x")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void voidElementsHaveNoEnd() {
        assertThat(written(Html.tag("input").with("type", "checkbox"))).isEqualTo("<input type=\"checkbox\">");
    }
}
