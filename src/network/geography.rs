//! Distances over the ground; the one place that minds the order of longitude and latitude.
