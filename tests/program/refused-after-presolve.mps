NAME        
ROWS
 N  Obj     
 E  r0      
 E  r1      
 E  r2      
 L  r3      
 L  r4      
 L  r5      
 L  r6      
 L  r7      
 E  r8      
 E  r9      
 E  r10     
 E  r11     
 E  r12     
 L  r13     
 E  r14     
 E  r15     
 L  r16     
 L  r17     
 L  r18     
 G  r19     
 L  r20     
 G  r21     
 L  r22     
 G  r23     
 L  r24     
 G  r25     
 L  r26     
 L  r27     
 G  r28     
 G  r29     
 G  r30     
 L  r31     
 G  r32     
 G  r33     
COLUMNS
    c0        r0        1
    c0        r3        1
    c1        r0        1
    c1        r4        1
    c2        r0        1
    c2        r5        1
    c3        r0        1
    c3        r6        1
    c4        r1        1
    c4        r3        1
    c5        r1        1
    c5        r4        1
    c6        r1        1
    c6        r7        1
    c7        r2        1
    c7        r6        1
    c8        r2        1
    c8        r7        1
    c9        r0        1
    c9        r14       1
    c9        r31       1
    c10       r1        1
    c10       r15       1
    c10       r31       1
    c11       r2        1
    c11       r14       1
    c11       r31       1
    c12       r3        -0.8
    c12       r8        1
    c13       r4        -0.8
    c13       r9        1
    c13       r19       1
    c13       r20       1
    c14       r5        -0.8
    c14       r10       1
    c14       r21       1
    c14       r22       1
    c15       r6        -0.8
    c15       r11       1
    c15       r23       1
    c15       r24       1
    c16       r7        -0.8
    c16       r12       1
    c16       r25       1
    c16       r26       1
    c17       r8        -1
    c17       r13       1
    c18       r9        -1
    c18       r13       1
    c19       r10       -1
    c19       r13       1
    c20       r11       -1
    c20       r13       1
    c21       r12       -1
    c21       r13       1
    c22       r14       -1.6875
    c22       r16       1
    c22       r32       -1
    c23       r15       -0.690625
    c23       r17       1
    c23       r33       -1
    c24       Obj       1
    c24       r16       -1
    c24       r17       -1
    c25       r9        1
    c25       r18       1
    MARK0000  'MARKER'                 'INTORG'
    c26       r18       19.5
    c26       r19       -5
    c26       r20       -29.2
    c26       r27       1
    c27       r21       -70.4
    c27       r22       -234.6
    c27       r28       1
    c28       r23       -53.9
    c28       r24       -179.8
    c28       r29       1
    c29       r25       -59.8
    c29       r26       -199.2
    c29       r30       1
    MARK0001  'MARKER'                 'INTEND'
    c30       r32       1
    c30       r33       1
    c31       r32       1
    c32       r33       1
RHS
    RHS_V     r0        36.2
    RHS_V     r1        22.1
    RHS_V     r2        17.8
    RHS_V     r8        40
    RHS_V     r9        19.5
    RHS_V     r13       372.9
    RHS_V     r18       19.5
    RHS_V     r27       1
    RHS_V     r31       1e-06
RANGES
    RANGE     r13       372.9
BOUNDS
 UP BOUND     c12       412.9
 UP BOUND     c13       392.4
 UP BOUND     c14       372.9
 UP BOUND     c15       372.9
 UP BOUND     c16       372.9
 UP BOUND     c17       372.9
 UP BOUND     c18       372.9
 UP BOUND     c19       372.9
 UP BOUND     c20       372.9
 UP BOUND     c21       372.9
 UP BOUND     c22       32
 UP BOUND     c23       32
 UP BOUND     c24       32
 UP BOUND     c25       392.4
 BV BOUND     c26     
 BV BOUND     c27     
 BV BOUND     c28     
 BV BOUND     c29     
 UP BOUND     c30       32
 UP BOUND     c31       32
 UP BOUND     c32       32
ENDATA
