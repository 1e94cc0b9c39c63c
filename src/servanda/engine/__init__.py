"""The engine: what conditions and norms mean on the records that count.

`reference` gives conditions their meaning at one instant, with reasons; `lifecycle` gives norms
theirs; `assess` puts both together over readings and standards; `explain` and `matrix` tell.
"""
