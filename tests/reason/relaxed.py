"""The relaxed problem as rules for clingo: what may hold, when whatever may hold does.

`reason/soonest` works the same out without a solver; these rules say what it has to come to.
"""

RELAXED = """
able(A) :- act(A), not needs(A,_).
able(A) :- act(A), needs(A,F), can(F).
can(0).
can(F) :- conj(F), can(G) : part(F,G).
can(F) :- disj(F), part(F,G), can(G).
can(F) :- neg(F,_).
can(F) :- open(F).
can(F) :- once(F,G), can(G).
can(F) :- since(F,_,R), can(R).
can(F) :- isact(F,A), able(A).
can(F) :- matches(A,F), able(A).
can(F) :- date(F).
can(F) :- elapsed(F,G), can(G).
can(F) :- kept(F,G), can(G).
can(F) :- latest(F,_).
can(F) :- state(F,B,_), can(B).
can(F) :- flag(F,I,W), may(I,W).
may(I,begun) :- rule(I,begun,F), can(F).
may(I,running) :- may(I,begun).
may(I,clean) :- may(I,begun).
may(I,suspended) :- rule(I,suspended,F), can(F), may(I,begun).
may(I,expired) :- rule(I,expired,F), can(F), may(I,begun).
may(I,terminated) :- rule(I,terminated,F), can(F), may(I,begun).
may(I,terminated) :- rule(I,released,F), can(F), may(I,begun).
may(I,terminated) :- rule(I,taken_back,F), can(F), may(I,fulfilled).
may(I,terminated) :- may(I,lapsed).
may(I,fulfilled) :- rule(I,achieve,F), can(F), may(I,begun).
may(I,done) :- may(I,fulfilled).
may(I,breached) :- rule(I,forbidden,F), can(F), may(I,begun).
may(I,breached) :- rule(I,achieve,_), rule(I,due,F), can(F), may(I,begun).
may(I,breached) :- rule(I,maintain,_), checked_from_start(I), may(I,begun).
may(I,breached) :- rule(I,maintain,_), rule(I,due,F), can(F), may(I,begun).
may(I,cured) :- may(I,breached).
may(I,triggered) :- rule(I,triggered,F), can(F), may(I,begun).
may(I,invoked) :- may(I,triggered), decided(I,trigger,A,F), able(A), can(F).
may(I,invoked) :- may(I,triggered), automatic(I).
may(I,forfeited) :- rule(I,forfeited,F), can(F), may(I,begun).
may(I,lapsed) :- may(I,forfeited), decided(I,forfeiture,A,F), able(A), can(F).
may(I,lapsed) :- may(I,forfeited), automatic(I).
reached(F) :- goal(F), can(F).
#show reached/1.
"""
