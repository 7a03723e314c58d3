package hooke.model;

import hooke.tensor.Tensor;

/**
 * Which of the distinct rows the examples of a batch have before the first attention.
 *
 * @param queries the rows among which all queries lie
 * @param keys the rows among which all keys lie
 * @param queryRows the query's row, counted from the first of {@code queries}, [batch * query]
 * @param keyRows the key's row, counted from the first of {@code keys}, [batch * key]
 * @param pairs which entry of the table of all scores between them, [batch * query * key]
 */
record SharedRows(
        DistinctRows.Range queries, DistinctRows.Range keys, Tensor queryRows, Tensor keyRows, Tensor pairs) {}
