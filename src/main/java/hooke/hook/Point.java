package hooke.hook;

import java.util.List;

/** The kinds of hook point, by TransformerLens' names, each with the axes of its tensor. */
public enum Point {
    EMBED("hook_embed", false, "batch pos d_model"),
    POS_EMBED("hook_pos_embed", false, "batch pos d_model"),
    /** Where the stream changes its width, what the linear map before a block gives; and what is added to it on the way up. */
    RESIZED("hook_resized", true, "batch pos d_model"),
    SKIP("hook_skip", true, "batch pos d_model"),
    RESID_PRE("hook_resid_pre", true, "batch pos d_model"),
    LN1_SCALE("ln1.hook_scale", true, "batch pos 1"),
    LN1_NORMALIZED("ln1.hook_normalized", true, "batch pos d_model"),
    Q("attn.hook_q", true, "batch pos head d_head"),
    K("attn.hook_k", true, "batch pos head d_head"),
    V("attn.hook_v", true, "batch pos head d_head"),
    /** Queries and keys behind rotary positions; before them they are Q and K. */
    ROT_Q("attn.hook_rot_q", true, "batch pos head d_head"),
    ROT_K("attn.hook_rot_k", true, "batch pos head d_head"),
    /** Scaled and masked: closed entries are minus infinity. */
    SCORES("attn.hook_attn_scores", true, "batch head query key"),
    /** SparseK's learned score of each key. */
    KEY_SCORES("attn.hook_key_scores", true, "batch pos head"),
    /** Which keys a query chooses: 1 or 0 with top-k attention, SparseK's shares, which weight keys and values. */
    SELECTION("attn.hook_selection", true, "batch head query key"),
    PATTERN("attn.hook_pattern", true, "batch head query key"),
    /** The mixtures of values, before W_O. */
    Z("attn.hook_z", true, "batch pos head d_head"),
    /** What each head adds to the residual stream, without b_O; computed only if somebody asks. */
    RESULT("attn.hook_result", true, "batch pos head d_model"),
    ATTN_OUT("hook_attn_out", true, "batch pos d_model"),
    RESID_MID("hook_resid_mid", true, "batch pos d_model"),
    LN2_SCALE("ln2.hook_scale", true, "batch pos 1"),
    LN2_NORMALIZED("ln2.hook_normalized", true, "batch pos d_model"),
    MLP_PRE("mlp.hook_pre", true, "batch pos d_mlp"),
    /** What the activated neurons of a gated MLP are multiplied by. */
    MLP_PRE_LINEAR("mlp.hook_pre_linear", true, "batch pos d_mlp"),
    MLP_POST("mlp.hook_post", true, "batch pos d_mlp"),
    MLP_OUT("hook_mlp_out", true, "batch pos d_model"),
    RESID_POST("hook_resid_post", true, "batch pos d_model"),
    LN_FINAL_SCALE("ln_final.hook_scale", false, "batch pos 1"),
    LN_FINAL_NORMALIZED("ln_final.hook_normalized", false, "batch pos d_model");

    private final String suffix;
    private final boolean inBlock;
    private final String axes;

    Point(String suffix, boolean inBlock, String axes) {
        this.suffix = suffix;
        this.inBlock = inBlock;
        this.axes = axes;
    }

    /** This point in one block. */
    public HookPoint at(int layer) {
        return new HookPoint(this, layer);
    }

    /** This point, which the model has once. */
    public HookPoint at() {
        return new HookPoint(this, HookPoint.NO_LAYER);
    }

    /** Whether every block has one. */
    public boolean inBlock() {
        return inBlock;
    }

    /** The names of its tensor's dimensions. */
    public List<String> axes() {
        return List.of(axes.split(" "));
    }

    /** The name within its block, or in the model. */
    String suffix() {
        return suffix;
    }
}
