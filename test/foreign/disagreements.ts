/** Objects with which we come less far than plain libbpf, or further, each with its reason. One that is over is to be taken out. */
export const disagreements: Readonly<Record<string, string>> = {};
