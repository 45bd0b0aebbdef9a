/** The public door `libbpf-ts/plot`: histograms, heat maps and tables, as text and SVG. Pure: it runs on any system. */
export { type LinearOptions, linearBuckets, log2Buckets, type PlotBucket } from './buckets.js';
export { type HeatColumn, type HeatMapOptions, heatMapSvg, heatMapText } from './heat-map.js';
export { type HistogramOptions, histogramSvg, histogramText } from './histogram.js';
export { type TableCell, type TableOptions, tableSvg, tableText } from './table.js';
