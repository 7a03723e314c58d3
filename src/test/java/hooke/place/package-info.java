/** Shared places: the same laws for folders and buckets, and what they say when something is wrong. */
package hooke.place;
